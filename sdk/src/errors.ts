import type { ErrorCode } from './error-codes.js';
import type { HttpErrorStatus } from './http.js';

/** One thing wrong with a value that was given. */
export interface FieldProblem {
  /** Where, as dots and indices: `playlists.0.name`; empty for the value as a whole. */
  path: string;
  message: string;
  hint?: string;
}

export interface AtollErrorOptions {
  /** What to do about it, one sentence. */
  hint?: string;
  plugin?: string;
  cause?: unknown;
  /** The HTTP status a route answers with when this error reaches it. Default: by code. */
  status?: HttpErrorStatus;
  /** Every field that was wrong, for errors about bad input. */
  errors?: readonly FieldProblem[];
}

const brand = Symbol.for('atoll:error');

/** The base of every error that the host or a plugin shows to a person: what happened, a stable code, the cure. */
export class AtollError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode | (string & {});
  readonly hint?: string;
  readonly plugin?: string;
  readonly status?: HttpErrorStatus;
  readonly errors?: readonly FieldProblem[];

  constructor(code: ErrorCode | (string & {}), message: string, options: AtollErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.plugin = options.plugin;
    this.status = options.status;
    this.errors = options.errors;
  }
}

/** True for an AtollError of any copy of the SDK; with `code`, only for that code. */
export function isAtollError(error: unknown, code?: ErrorCode | (string & {})): error is AtollError {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false;
  return code === undefined || (error as AtollError).code === code;
}

/** Thrown from `setup` when an upstream is not there yet: the host tries again with back-off. */
export class NotReadyError extends AtollError {
  /** Milliseconds until the next try; without it the host's back-off decides. */
  readonly retryAfterMs?: number;

  constructor(message: string, options: AtollErrorOptions & { retryAfterMs?: number } = {}) {
    super('not_ready', message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown from `setup` when credentials are wrong: the plugin waits in `auth_required` until they change. */
export class AuthError extends AtollError {
  constructor(message: string, options: AtollErrorOptions = {}) {
    super('auth_required', message, options);
  }
}

/** Thrown from `setup` when a config value that passed the schema is still wrong. */
export class ConfigError extends AtollError {
  /** Path below the plugin's `config`, for example `navidrome.url`. */
  readonly path: string;

  constructor(path: string, message: string, options: AtollErrorOptions = {}) {
    super('config_invalid', message, options);
    this.path = path;
  }
}

/** A failed call to another system; see the `upstream_…` codes. */
export class UpstreamError extends AtollError {
  /** Name of the client that made the call. */
  readonly service: string;
  /** HTTP status of the answer, where there was one. */
  readonly upstreamStatus?: number;
  /** Milliseconds that the upstream asked us to wait (`Retry-After`). */
  readonly retryAfterMs?: number;

  constructor(
    code: Extract<ErrorCode, `upstream_${string}`>,
    message: string,
    options: AtollErrorOptions & { service: string; upstreamStatus?: number; retryAfterMs?: number },
  ) {
    super(code, message, options);
    this.service = options.service;
    this.upstreamStatus = options.upstreamStatus;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** True for an UpstreamError of any copy of the SDK. */
export function isUpstreamError(error: unknown): error is UpstreamError {
  return isAtollError(error) && 'service' in error;
}
