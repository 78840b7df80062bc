/** One thing that is wrong with the configuration, with everything a person needs to repair it. */
export interface ConfigProblem {
  /** Id of the plugin that cannot start because of it; null when it stops the host. */
  readonly plugin: string | null;
  /** Absolute path of the file that holds the value; null for variables and the command line. */
  readonly file: string | null;
  /** Position in `file`, from 1. */
  readonly line: number | null;
  readonly column: number | null;
  /** Full path in the configuration, for example `plugins.octogen.config.navidrome.url`; empty for a whole file. */
  readonly path: string;
  /** What is wrong, as the rest of a sentence that starts with the path: `must be …, not …`. */
  readonly message: string;
  /** What the field takes, for example `a whole number from 1 to 65535`. */
  readonly expected: string | null;
  /** The value in short; always null for secrets. */
  readonly received: string | null;
  /** What to do about it. */
  readonly hint: string | null;
  /** The environment variable that holds the value. */
  readonly variable: string | null;
}

/** A problem of which only the known parts are given. */
export type ConfigProblemDraft = Pick<ConfigProblem, 'message'> & Partial<ConfigProblem>;

/** Completes a draft; whatever is not given is null, the path empty. */
export function configProblem(draft: ConfigProblemDraft): ConfigProblem {
  return {
    plugin: null,
    file: null,
    line: null,
    column: null,
    path: '',
    expected: null,
    received: null,
    hint: null,
    variable: null,
    ...draft,
  };
}
