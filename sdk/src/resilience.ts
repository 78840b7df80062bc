import type { z } from 'zod';

/** Retries of one call. Default: 3 attempts, waiting 1, 2, 4 s with jitter, or as `Retry-After` says. */
export interface RetryOptions {
  /** Attempts in all, the first one included. */
  attempts?: number;
  initialDelayMs?: number;
  maxDelayMs?: number;
  /** Which errors are worth another attempt. Default: refused, unreachable, timed out, 429, 502, 503, 504. */
  when?: (error: unknown) => boolean;
}

/** Opens after `threshold` consecutive failures (5), lets one call probe after `resetMs` (60 000). */
export interface CircuitOptions {
  threshold?: number;
  resetMs?: number;
  /** Which errors count as failures of the upstream. Default: the same as retry's, and any 5xx. */
  when?: (error: unknown) => boolean;
}

export interface BulkheadOptions {
  /** Calls at once. */
  concurrency: number;
  /** Calls that may wait; one more fails with `bulkhead_full`. Default: unbounded waiting is refused, so 1000. */
  queue?: number;
}

/** A response cache: true LRU, a time to live, one call for equal keys at the same time. */
export interface CacheOptions {
  ttlMs: number;
  maxEntries?: number;
}

/** How calls to one upstream are protected, outermost first: cache, budget, retry, circuit, bulkhead, timeout. */
export interface PolicyOptions {
  retry?: RetryOptions | false;
  circuit?: CircuitOptions | false;
  /** Per attempt. Default 30 000; `false` for none. */
  timeoutMs?: number | false;
  bulkhead?: BulkheadOptions;
  cache?: CacheOptions;
  /** Taken once per `execute`; given back when the call ends in a rate limit after all retries. */
  budget?: Budget;
}

export interface PolicyCall {
  /** Aborts on timeout, on cancel, and when the plugin stops. */
  signal: AbortSignal;
  /** 1 for the first attempt. */
  attempt: number;
}

export interface ExecuteOptions {
  signal?: AbortSignal;
  /** Cache key; without one the call is neither cached nor coalesced. */
  key?: string;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** A named protection that calls run under. Its state shows in metrics, health and `/api/v1/resilience`. */
export interface Policy {
  readonly name: string;
  readonly circuit: CircuitState;
  execute<T>(call: (context: PolicyCall) => Promise<T>, options?: ExecuteOptions): Promise<T>;
  /** Forgets cached answers: one key, or all. */
  invalidate(key?: string): void;
}

/** A limit per period that survives restarts. */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  /** Takes `amount` (1) or throws `budget_exhausted` naming when it renews. `refund` gives it back, once. */
  take(amount?: number): Promise<{ refund(): Promise<void> }>;
  remaining(): Promise<number>;
}

export interface BudgetOptions {
  limit: number;
  /** The period that renews it, a local day in the host's time zone. */
  per: 'day';
}

export interface HttpClientOptions {
  baseUrl: string;
  /** Sent with every request. Values are redacted in logs. */
  headers?: Record<string, string>;
  policy?: PolicyOptions;
  /** Cap of an answer's body. Default 32 MiB; one byte more fails with `upstream_too_large`. */
  maxBytes?: number;
  /** Redirects followed within the same origin. Default 0: a redirect fails with `upstream_redirect`. */
  redirects?: number;
  /** Query parameters whose values never appear in logs or errors. */
  secretParams?: string[];
}

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Repeated keys by arrays; undefined values are left out. */
  query?: Record<string, string | number | boolean | undefined | readonly (string | number)[]>;
  headers?: Record<string, string>;
  /** At most one of `json`, `form`, `body`. */
  json?: unknown;
  form?: Record<string, string | number | boolean | undefined | readonly (string | number)[]>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  /** Per attempt, instead of the policy's. */
  timeoutMs?: number;
  maxBytes?: number;
  /** `false` for requests that must not be sent twice. Default: GET and PUT and DELETE only. */
  retry?: boolean;
  /** Cache this GET (needs the policy's `cache`). Default true for GET where the policy has a cache. */
  cache?: boolean;
  /** Answer with any status instead of failing on 4xx and 5xx. */
  anyStatus?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  text(): string;
  /** Parsed JSON, checked by `schema` where one is given; otherwise fails with `upstream_invalid`. */
  json<S extends z.ZodType>(schema: S): z.output<S>;
  json(): unknown;
}

/** An HTTP client bound to one policy: keep-alive, size cap, redirects under control, redaction, abort. */
export interface HttpClient {
  readonly name: string;
  readonly policy: Policy;
  /** `path` is joined to the base URL. Fails with an UpstreamError. */
  request(path: string, request?: HttpRequest): Promise<HttpResponse>;
}

/** Protection for calls to other systems. */
export interface Resilience {
  policy(name: string, options?: PolicyOptions): Policy;
  client(name: string, options: HttpClientOptions): HttpClient;
  budget(name: string, options: BudgetOptions): Budget;
}
