/** Where a request goes: to a plugin's mount or to the host's own routes, with the URL that mount sees. */
type RequestTarget = { kind: 'plugin'; plugin: string; url: string } | { kind: 'host'; url: string };

const pluginPrefix = '/api/plugins/';

/**
 * Splits a request target by prefix. Nothing is decoded or normalised: `..`, `//` and percent-encodings reach the
 * router of the mount that the literal prefix names, and match nothing there, so a trick cannot change the mount.
 * Undefined for targets that name no path (`*`, `host:port`).
 *
 * @param basePath path of the public URL, without a slash at the end. Some proxies cut it off and some do not, and
 *   the command line does not know it, so it may be there or not.
 */
export function requestTarget(rawUrl: string, basePath: string): RequestTarget | undefined {
  const path = rawUrl.charCodeAt(0) === 47 /* slash */ ? rawUrl : originForm(rawUrl);
  if (path === undefined) return undefined;
  const url = basePath === '' ? path : withoutBase(path, basePath);
  if (!url.startsWith(pluginPrefix)) return { kind: 'host', url };
  let end = pluginPrefix.length;
  for (; end < url.length; end++) {
    const code = url.charCodeAt(end);
    if (code === 47 || code === 63 || code === 35 /* # */) break;
  }
  const plugin = url.slice(pluginPrefix.length, end);
  const rest = url.slice(end);
  return { kind: 'plugin', plugin, url: rest.charCodeAt(0) === 47 ? rest : `/${rest}` };
}

function withoutBase(path: string, basePath: string): string {
  if (!path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : path;
}

/** The path of an absolute-form target, which servers have to accept (RFC 9112, 3.2.2). */
function originForm(url: string): string | undefined {
  const scheme = /^https?:\/\//i.exec(url);
  if (!scheme) return undefined;
  const rest = url.slice(scheme[0].length);
  const start = rest.search(/[/?#]/);
  if (start === -1) return '/';
  return rest.charAt(start) === '/' ? rest.slice(start) : `/${rest.slice(start)}`;
}
