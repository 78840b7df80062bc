import type { z } from 'zod';
import { type ConfigPath, isConfigObject, valueAt } from './config-path.js';
import { describeType, type JsonSchemaNode, schemaNodeAt } from './describe-type.js';
import { suggest } from './suggest.js';

/** What is wrong at one place, in words. */
export interface IssueDescription {
  /** Below the value that was checked. */
  readonly path: ConfigPath;
  readonly message: string;
  readonly expected: string | null;
  readonly received: string | null;
  readonly hint: string | null;
  /** The key itself is wrong, not its value. */
  readonly atKey: boolean;
}

export interface IssueContext {
  /** What was checked. */
  readonly value: unknown;
  /** JSON Schema of what it was checked against. */
  readonly jsonSchema: JsonSchemaNode;
  isSecret(path: ConfigPath): boolean;
}

/** Says in words what a schema found; one issue may be about several keys. */
export function describeIssue(issue: z.core.$ZodIssue, context: IssueContext): IssueDescription[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, context));
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'is not allowed';
    return [
      {
        path,
        message: `is a name that cannot stand here: ${reason}`,
        expected: null,
        received: null,
        hint: null,
        atKey: true,
      },
    ];
  }
  if (issue.code === 'invalid_union') {
    const narrowed = narrowUnion(issue, valueAt(context.value, path));
    if (narrowed) {
      return narrowed.flatMap((inner) =>
        describeIssue({ ...inner, path: [...path, ...inner.path] }, context),
      );
    }
  }
  return [invalidValue(path, issue, context)];
}

/**
 * The issues of the one branch of a union that was meant: the only branch that objects to something inside the
 * value, and not to the value as a whole.
 */
function narrowUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown): z.core.$ZodIssue[] | undefined {
  if (!isConfigObject(value) && !Array.isArray(value)) return undefined;
  const inside = issue.errors.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code !== 'invalid_type'),
  );
  if (inside.length === 0) return undefined;
  return inside.reduce((best, branch) => (branch.length < best.length ? branch : best));
}

function unknownKey(path: ConfigPath, key: string, context: IssueContext): IssueDescription {
  const known = knownChildren(schemaNodeAt(context.jsonSchema, path));
  const near = suggest(key, known);
  return {
    path: [...path, key],
    message: 'is an unknown key',
    expected: known.length > 0 ? `one of the keys ${known.join(', ')}` : 'no keys',
    received: null,
    hint: near
      ? `did you mean ${near}?`
      : known.length > 0
        ? `the keys here are ${known.join(', ')}`
        : 'remove it',
    atKey: true,
  };
}

function knownChildren(node: JsonSchemaNode | undefined): string[] {
  if (!node) return [];
  const options = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [...new Set([...Object.keys(node.properties ?? {}), ...options.flatMap(knownChildren)])];
}

function invalidValue(path: ConfigPath, issue: z.core.$ZodIssue, context: IssueContext): IssueDescription {
  const value = valueAt(context.value, path);
  const node = schemaNodeAt(context.jsonSchema, path);
  const expected = node ? describeType(node) : null;
  const secret = context.isSecret(path);
  const received = secret || value === undefined ? null : describeValue(value);
  const hint = issueHint(issue) ?? suggestValue(value, node, secret);
  const base = { path, expected, received, hint, atKey: false };
  if (value === undefined && issue.code === 'invalid_type') {
    const variable = node?.['x-env']?.[0];
    return {
      ...base,
      message: expected ? `is missing; it must be ${expected}` : 'is missing',
      hint: variable ? `set it here, or the variable ${variable}` : 'set it',
    };
  }
  // A custom check knows best what it wanted; the text of the others is made from the schema.
  const own = ownMessage(issue);
  if (own !== undefined) {
    const tail = received !== null && /^must\b/.test(own) ? `, not ${received}` : '';
    return { ...base, message: `${secret ? withoutValue(own, value) : own}${tail}` };
  }
  const not = received === null ? '' : `, not ${received}`;
  return { ...base, message: `must be ${expected ?? 'another value'}${not}` };
}

/**
 * The message of a check with words of its own, as the rest of a sentence. zod's own messages begin with a capital
 * letter and say less than the schema does.
 */
function ownMessage(issue: z.core.$ZodIssue): string | undefined {
  if (/^(must|is|has|names|needs|cannot)\b/.test(issue.message)) return issue.message;
  if (issue.code !== 'custom' || issue.message === 'Invalid input') return undefined;
  return `is not valid: ${issue.message}`;
}

function issueHint(issue: z.core.$ZodIssue): string | null {
  const hint = issue.code === 'custom' ? issue.params?.hint : undefined;
  return typeof hint === 'string' ? hint : null;
}

function suggestValue(value: unknown, node: JsonSchemaNode | undefined, secret: boolean): string | null {
  if (secret || typeof value !== 'string' || !node?.enum) return null;
  const near = suggest(value, node.enum.map(String));
  return near ? `did you mean ${near}?` : null;
}

function withoutValue(message: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? message.replaceAll(value, '[hidden]') : message;
}

const LONGEST = 60;

/** A value in short. Passwords in addresses are left out. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isConfigObject(value)) return 'a set of keys';
  const text =
    typeof value === 'string'
      ? JSON.stringify(value.replace(/\/\/[^/@\s]*@/g, '//[hidden]@'))
      : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
