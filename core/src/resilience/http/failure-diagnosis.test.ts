import { describe, expect, test } from 'vitest';
import { neverSent } from '../failure.js';
import { diagnose } from './failure-diagnosis.js';
import { Redaction } from './redaction.js';

function diagnosis(code: string, { url = 'https://host:1', inContainer = false } = {}) {
  return diagnose(Object.assign(new Error('native text'), { code }), {
    plugin: 'demo',
    service: 'radarr',
    url: new URL(url),
    redaction: new Redaction(),
    inContainer: () => inContainer,
  });
}

describe('an error of the connection', () => {
  test.each([
    ['ECONNREFUSED', 'upstream_refused', 'refused the connection at https://host:1', 'Is it running'],
    ['ENOTFOUND', 'upstream_unreachable', 'the name host does not resolve', 'Check its spelling'],
    ['EAI_AGAIN', 'upstream_unreachable', 'no DNS server answered', 'DNS of this machine'],
    ['EHOSTUNREACH', 'upstream_unreachable', 'cannot be reached', 'firewall'],
    ['UND_ERR_CONNECT_TIMEOUT', 'upstream_unreachable', 'cannot be reached', 'firewall'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'upstream_tls', 'no known authority signed', 'NODE_EXTRA_CA_CERTS'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'upstream_tls', 'no known authority signed', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'upstream_tls', 'no known authority signed', 'NODE_EXTRA_CA_CERTS'],
    ['CERT_HAS_EXPIRED', 'upstream_tls', 'has expired', 'clocks'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'upstream_tls', 'not for host', 'name that the certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'upstream_tls', 'does not speak TLS', 'write http://'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'upstream_tls', 'failed to agree on TLS', 'TLS settings'],
  ])('%s becomes %s, and nothing was sent', (code, expected, message, hint) => {
    const error = diagnosis(code);
    expect(error).toMatchObject({ code: expected, service: 'radarr', hint: expect.stringContaining(hint) });
    expect(error.message).toMatch(/^demo: "radarr" /);
    expect(error.message).toContain(message);
    expect(neverSent(error)).toBe(true);
  });

  test.each([
    ['ECONNRESET', 'upstream_unreachable', 'broke off'],
    ['UND_ERR_SOCKET', 'upstream_unreachable', 'broke off'],
    ['UND_ERR_HEADERS_OVERFLOW', 'upstream_too_large', 'headers that are too large'],
    ['HPE_INVALID_CONSTANT', 'upstream_invalid', 'did not answer in HTTP'],
  ])('%s becomes %s, and the request may have arrived', (code, expected, message) => {
    const error = diagnosis(code);
    expect(error).toMatchObject({ code: expected });
    expect(error.message).toContain(message);
    expect(neverSent(error)).toBe(false);
  });

  test.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    'tells in a container that %s is the container itself',
    (url) => {
      expect(diagnosis('ECONNREFUSED', { url, inContainer: true }).hint).toContain('the container itself');
      expect(diagnosis('ECONNREFUSED', { url }).hint).toContain('Is it running');
    },
  );

  test('hints at https only where http was spoken', () => {
    expect(diagnosis('ECONNRESET', { url: 'http://host' }).hint).toContain('write https://');
    expect(diagnosis('ECONNRESET').hint).not.toContain('https://');
  });

  test('keeps the native error as a cause', () => {
    expect(diagnosis('ECONNRESET').cause).toMatchObject({ message: 'native text', code: 'ECONNRESET' });
  });
});
