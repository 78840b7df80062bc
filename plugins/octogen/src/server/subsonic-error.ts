import { UpstreamError } from '@atoll/sdk';

/** The service name that errors, logs and metrics of the music server carry. */
export const SUBSONIC = 'subsonic';

/** Error codes of the Subsonic protocol that callers tell apart. */
export const subsonicReason = {
  generic: 0,
  missingParameter: 10,
  wrongCredentials: 40,
  tokenUnsupported: 41,
  mechanismUnsupported: 42,
  conflictingMechanisms: 43,
  wrongApiKey: 44,
  forbidden: 50,
  trialOver: 60,
  notFound: 70,
} as const;

/** The server understood the call and refused it: `status: failed` in the envelope. */
export class SubsonicError extends UpstreamError {
  /** The protocol's error code; see `subsonicReason`. */
  readonly reason: number;

  constructor(method: string, reason: number, message: string) {
    super(
      'upstream_status',
      `the music server refused ${method}: ${message || 'no reason given'} (code ${reason})`,
      {
        service: SUBSONIC,
        hint: hints[reason],
      },
    );
    this.reason = reason;
  }
}

/** True when the thing asked for does not exist on the server (any more). */
export function isNotFound(error: unknown): boolean {
  return error instanceof SubsonicError && error.reason === subsonicReason.notFound;
}

const hints: Record<number, string> = {
  [subsonicReason.forbidden]: 'Sign in as a user who may do this, or leave that playlist to its owner.',
  [subsonicReason.trialOver]: 'The server asks for a licence; see its own pages.',
  20: 'The server speaks an older protocol than octogen; update it.',
  30: 'The server speaks an older protocol than octogen; update it.',
};
