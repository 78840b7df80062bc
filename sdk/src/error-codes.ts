import type { HttpErrorStatus } from './http.js';

interface ErrorCodeFacts {
  /** The HTTP status a route answers with, unless the error names another. */
  status: HttpErrorStatus;
  /** One sentence for people. */
  meaning: string;
}

/** Every stable error code of the host and the SDK; plugins add codes of their own as `<plugin>_<code>`. */
export const errorCodes = {
  bad_request: { status: 400, meaning: 'The input is wrong; `errors` names each field.' },
  unauthorized: { status: 401, meaning: 'No token, or one that is unknown, revoked or expired.' },
  forbidden: { status: 403, meaning: 'The token lacks the scope that the answer names.' },
  not_found: { status: 404, meaning: 'There is nothing by that name or at that path.' },
  conflict: { status: 409, meaning: 'The state of things does not allow it.' },
  payload_too_large: { status: 413, meaning: 'A body, an input or a result is over its limit.' },
  unsupported_media_type: { status: 415, meaning: 'The body is of a type that the route does not take.' },
  too_many_requests: {
    status: 429,
    meaning: 'A limit of requests is reached; `Retry-After` says when it ends.',
  },
  internal: { status: 500, meaning: 'A fault of Atoll or a plugin; the log has it under the request id.' },
  unavailable: { status: 503, meaning: 'The host or the plugin starts, stops, or does not run.' },
  disk_full: { status: 507, meaning: 'The disk of the data folder is full.' },
  config_invalid: { status: 400, meaning: 'The configuration, or a value of it, is wrong.' },
  not_ready: {
    status: 503,
    meaning: 'An upstream that the plugin needs is not there yet; it is tried again.',
  },
  auth_required: { status: 503, meaning: 'An upstream refused the credentials.' },
  listen_failed: { status: 500, meaning: 'A port or socket could not be opened.' },
  plugin_incompatible: { status: 409, meaning: 'The package does not fit this host.' },
  plugin_failed: { status: 503, meaning: 'The plugin did not start, or broke a rule of the contract.' },
  dependency_missing: {
    status: 503,
    meaning: 'A service, a class or a program that is needed is not there.',
  },
  job_refused: { status: 409, meaning: 'The overlap policy of the job refuses a further run.' },
  job_unknown: { status: 404, meaning: 'There is no such job, or its plugin does not run.' },
  job_failed: { status: 500, meaning: 'The code of the job failed.' },
  job_result_invalid: { status: 500, meaning: 'The result of the job is no JSON, or too large.' },
  run_unknown: { status: 404, meaning: 'There is no such run, or it was pruned from the history.' },
  storage_busy: { status: 503, meaning: 'Another program holds the database.' },
  storage_corrupt: { status: 500, meaning: 'The file is no database, or a broken one.' },
  storage_newer: { status: 500, meaning: 'The database was written by a newer version.' },
  storage_owned: { status: 500, meaning: 'Another process owns the data folder.' },
  storage_unwritable: { status: 500, meaning: 'The data folder cannot be written.' },
  storage_nested_query: {
    status: 500,
    meaning: 'A query on the database waits for the transaction it stands in.',
  },
  storage_unsupported: { status: 500, meaning: 'The database or file system is not supported.' },
  migration_failed: { status: 500, meaning: 'A migration failed; the database is as it was.' },
  network_denied: { status: 502, meaning: 'The host was told to refuse outgoing connections.' },
  circuit_open: { status: 503, meaning: 'The upstream failed too often; it is left alone for a while.' },
  bulkhead_full: { status: 503, meaning: 'Too many calls to the upstream wait already.' },
  timed_out: { status: 504, meaning: 'The operation took longer than it may.' },
  cancelled: { status: 503, meaning: 'The caller, or the stop of the plugin, ended the operation.' },
  budget_exhausted: { status: 429, meaning: 'The budget of the period is used up.' },
  upstream_refused: { status: 502, meaning: 'The upstream does not accept connections.' },
  upstream_unreachable: { status: 502, meaning: 'The upstream cannot be found or reached.' },
  upstream_tls: { status: 502, meaning: 'The encrypted connection to the upstream failed.' },
  upstream_timeout: { status: 504, meaning: 'The upstream did not answer in time.' },
  upstream_redirect: { status: 502, meaning: 'The upstream sends elsewhere.' },
  upstream_status: { status: 502, meaning: 'The upstream answered with an error.' },
  upstream_rate_limited: { status: 502, meaning: 'The upstream limits the rate of calls.' },
  upstream_too_large: { status: 502, meaning: 'The answer of the upstream is over the limit.' },
  upstream_invalid: { status: 502, meaning: 'The answer of the upstream is not what was expected.' },
} as const satisfies Record<string, ErrorCodeFacts>;

export type ErrorCode = keyof typeof errorCodes;
