import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** Environment variables that set this field, the first one documented, the others old names. */
    env?: string[];
    /** The value is a secret: redacted in logs, write-only in forms, readable from /run/secrets. */
    secret?: boolean;
    /** Unit of a number, for example `ms`, `s`, `songs`. */
    unit?: string;
    /** What kind of text it takes, for example `uri`, `cron`, `time-zone`; see the field builders. */
    format?: string;
  }
}

/** What a plugin's `config` is: a strict object, so that a typo is an error and not a silent default. */
export type ConfigSchema = z.ZodObject;

/** The JSON Schema (draft 2020-12) of a config, with `x-env`, `x-unit` and `writeOnly` from each field's meta. */
export function configJsonSchema(schema: ConfigSchema): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const node = jsonSchema as Record<string, unknown>;
      rename(node, 'env', 'x-env');
      rename(node, 'unit', 'x-unit');
      if (node.secret === true) node.writeOnly = true;
      delete node.secret;
    },
  }) as Record<string, unknown>;
}

function rename(node: Record<string, unknown>, from: string, to: string): void {
  if (node[from] === undefined) return;
  node[to] = node[from];
  delete node[from];
}
