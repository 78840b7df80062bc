import { createHash, randomBytes } from 'node:crypto';

export interface SubsonicCredentials {
  username: string;
  password: string;
}

/** `token` never sends the password; `password` sends it, only hex-encoded. */
export type SubsonicAuth = 'token' | 'password';

/** The parameters that sign a request. A token's salt is new for every request. */
export function signRequest(
  auth: SubsonicAuth,
  { username, password }: SubsonicCredentials,
): Record<string, string> {
  if (auth === 'password') return { u: username, p: `enc:${Buffer.from(password, 'utf8').toString('hex')}` };
  const salt = randomBytes(8).toString('hex');
  return {
    u: username,
    s: salt,
    t: createHash('md5')
      .update(password + salt, 'utf8')
      .digest('hex'),
  };
}
