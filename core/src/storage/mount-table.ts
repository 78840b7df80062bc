import { readFileSync, realpathSync } from 'node:fs';

/** File systems of other machines: locks and shared memory, which SQLite rests on, do not hold there. */
const networkTypes = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb', 'smbfs', 'smb2', 'smb3', 'afs', 'ncpfs', 'coda', '9p', 'ceph', 'lustre'],
  ...[
    'beegfs',
    'glusterfs',
    'davfs',
    'fuse.sshfs',
    'fuse.glusterfs',
    'fuse.rclone',
    'fuse.s3fs',
    'fuse.ceph',
  ],
  ...[
    'fuse.davfs',
    'fuse.curlftpfs',
    'fuse.gcsfuse',
    'fuse.goofys',
    'fuse.mount.cifs',
    'fuse.nfs',
    'fuse.smbnetfs',
  ],
]);

/** Whether a file system of this type, as the mount table names it, lives on another machine. */
export function isNetworkFileSystem(type: string): boolean {
  return networkTypes.has(type.toLowerCase());
}

/**
 * Type of the file system that holds `path`, from the text of `/proc/self/mountinfo`; undefined when no mount fits.
 * The deepest mount point counts, and of two on the same point the later one, which covers the other.
 */
export function fileSystemType(path: string, mountinfo: string): string | undefined {
  let best = { length: -1, type: undefined as string | undefined };
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const point = unescaped(before.split(' ')[4] ?? '');
    const within = point === '/' || path === point || path.startsWith(`${point}/`);
    if (point === '' || !within || point.length < best.length) continue;
    best = { length: point.length, type: after.split(' ')[0] };
  }
  return best.type;
}

/** Type of the file system that holds an existing folder; undefined where the system has no mount table to read. */
export function probeFileSystem(dir: string): string | undefined {
  try {
    return fileSystemType(realpathSync(dir), readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return undefined;
  }
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
