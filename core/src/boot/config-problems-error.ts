import { AtollError } from '@atoll/sdk';
import type { ConfigProblem } from '../config/config-problem.js';
import { formatProblems } from '../config/format-problems.js';

/** The host's own configuration is wrong; `problems` has everything that is, of the plugins too. */
export class ConfigProblemsError extends AtollError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], cwd: string) {
    super('config_invalid', formatProblems(problems, cwd), {
      hint: 'Mend the configuration; "atoll check" tells when it is right.',
    });
    this.problems = problems;
  }
}
