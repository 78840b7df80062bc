// The house rules that no linter has: no commented-out code, no open work without an issue, no licence outside the
// list, no link that leads nowhere, no example that does not compile.
import { checkComments } from './comments.ts';
import { checkLicences } from './licences.ts';
import { checkMarkdown } from './markdown.ts';

const findings = [...checkComments(), ...checkLicences(), ...checkMarkdown()];
for (const finding of findings) console.error(finding);
process.exit(findings.length > 0 ? 1 : 0);
