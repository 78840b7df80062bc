import type { z } from 'zod';

/** Retries of one call. Default: 3 attempts, waiting 1, 2, 4 s (give or take a fifth), or as `Retry-After` says. */
export interface RetryOptions {
  /** Attempts in all, the first one included. */
  attempts?: number;
  /** The first wait; each further one is twice as long. Default 1000. */
  initialDelayMs?: number;
  /** The longest wait, also where `Retry-After` asks for more. Default 60 000. */
  maxDelayMs?: number;
  /** Which errors are worth another attempt. Default: refused, unreachable, timed out, 429, 502, 503, 504. */
  when?: (error: unknown) => boolean;
}

/**
 * Opens after `threshold` consecutive failures (5), lets one call probe after `resetMs` (60 000). The host's
 * configuration may set other defaults. A cancelled call says nothing about the upstream and is never counted.
 */
export interface CircuitOptions {
  threshold?: number;
  resetMs?: number;
  /** Which errors count as failures of the upstream. Default: the same as retry's, and any 5xx. */
  when?: (error: unknown) => boolean;
}

export interface BulkheadOptions {
  /** Calls at once. */
  concurrency: number;
  /** Calls that may wait; one more fails with `bulkhead_full`. Default 1000. */
  queue?: number;
}

/**
 * A response cache: true LRU, a time to live, one call for equal keys at the same time. Errors are not kept. An
 * answer is handed to every caller as the same object: treat it as readonly. Answers of a client are also bounded
 * to 64 MiB together.
 */
export interface CacheOptions {
  ttlMs: number;
  /** Default 500. */
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
  /**
   * Taken once per `execute` that the cache does not answer. Given back when the call ends in a rate limit after
   * all retries, and when nothing reached the upstream (open circuit, full bulkhead, refused connection).
   */
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
  /**
   * Runs `call` under the policy. Besides its own errors it fails with `timed_out`, `circuit_open`,
   * `bulkhead_full`, `budget_exhausted` or, when the caller's signal or the plugin's stop ended it, `cancelled`.
   */
  execute<T>(call: (context: PolicyCall) => Promise<T>, options?: ExecuteOptions): Promise<T>;
  /**
   * Forgets cached answers: one key, or all. The key of a client's cached GET is its path and query below the base
   * URL, for example `/api/v3/tag?sort=name`.
   */
  invalidate(key?: string): void;
}

/** A limit per period that survives restarts. */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  /**
   * Takes `amount` (1) or throws `budget_exhausted` naming when it renews. What was taken is on disk when the
   * promise resolves. `refund` gives it back, once.
   */
  take(amount?: number): Promise<{ refund(): Promise<void> }>;
  remaining(): Promise<number>;
}

export interface BudgetOptions {
  limit: number;
  /** The period that renews it, a local day in the host's time zone. No day is granted twice, however the clock moves. */
  per: 'day';
}

export interface HttpClientOptions {
  /** `http://` or `https://`, with a path where the service has one. A user and password in it are sent as Basic. */
  baseUrl: string;
  /** Sent with every request. Values never appear in logs or errors. */
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
  /**
   * Whether it may be sent again after it may have arrived. Default: true for GET, PUT and DELETE. A request that
   * never left, because the connection failed, is tried again in any case.
   */
  retry?: boolean;
  /** `false` sends this GET although the policy has a cache, and does not keep the answer. */
  cache?: boolean;
  /** Answer with any status, after the retries, instead of failing on 4xx and 5xx. */
  anyStatus?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly body: Uint8Array;
  /** The body in the charset the answer names, else UTF-8. */
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

/** Protection for calls to other systems. A policy's or client's name is used once in a plugin, and so is a budget's. */
export interface Resilience {
  policy(name: string, options?: PolicyOptions): Policy;
  client(name: string, options: HttpClientOptions): HttpClient;
  budget(name: string, options: BudgetOptions): Budget;
}
