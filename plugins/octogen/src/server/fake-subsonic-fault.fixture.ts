import type { ServerResponse } from 'node:http';

/**
 * One way for a request to go wrong. `method` and `when` choose the requests (default: all), `skip` lets the
 * first ones pass, `times` ends the fault after so many (default: it stays).
 *
 * - `error`: HTTP 200 with a failed envelope; `status`: a bare HTTP status
 * - `html`, `xml`, `text`, `redirect`, `foreign`: an answer that is not Subsonic JSON
 * - `body`: exactly this text as a 200
 * - `hang`: no answer until the server stops; `slow`: the right answer after `ms`
 * - `reset`: the connection dies before the request is looked at
 * - `after`: the request is carried out, then the connection dies without an answer
 * - `truncated`: half an answer
 */
export type Fault = {
  method?: string;
  when?: (params: URLSearchParams) => boolean;
  skip?: number;
  times?: number;
} & (
  | { kind: 'error'; code: number; message?: string }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'redirect'; location: string }
  | { kind: 'body'; body: string; contentType?: string }
  | { kind: 'slow'; ms: number }
  | { kind: 'html' | 'xml' | 'text' | 'foreign' | 'hang' | 'reset' | 'after' | 'truncated' }
);

/** Answers with the fault; false where the right answer still has to be given. */
export async function serveFault(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'error':
      send(response, 200, 'application/json', failed(fault.code, fault.message ?? `error ${fault.code}`));
      return true;
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers });
      response.end(fault.body ?? 'out of order');
      return true;
    case 'redirect':
      response.writeHead(302, { location: fault.location });
      response.end();
      return true;
    case 'body':
      send(response, 200, fault.contentType ?? 'application/json', fault.body);
      return true;
    case 'html':
      send(response, 200, 'text/html', '<!DOCTYPE html><html><head><title>Sign in</title></head></html>');
      return true;
    case 'xml':
      send(
        response,
        200,
        'text/xml',
        '<?xml version="1.0" encoding="UTF-8"?><subsonic-response status="ok" version="1.16.1"/>',
      );
      return true;
    case 'text':
      send(response, 200, 'text/plain', 'It works!');
      return true;
    case 'foreign':
      send(response, 200, 'application/json', '{"status":"ok"}');
      return true;
    case 'reset':
      response.destroy();
      return true;
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' });
      response.write('{"subsonic-response":{"status":"ok",');
      setImmediate(() => response.destroy());
      return true;
    case 'hang':
      return true;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return false;
    case 'after':
      return false;
  }
}

function failed(code: number, message: string): string {
  return JSON.stringify({
    'subsonic-response': { status: 'failed', version: '1.16.1', error: { code, message } },
  });
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
