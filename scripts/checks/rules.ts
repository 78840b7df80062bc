// The house rules that no linter has: no commented-out code, no open work without an issue, no licence outside the list.
import { checkComments } from './comments.ts';
import { checkLicences } from './licences.ts';

const findings = [...checkComments(), ...checkLicences()];
for (const finding of findings) console.error(finding);
process.exit(findings.length > 0 ? 1 : 0);
