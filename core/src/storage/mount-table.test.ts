import { describe, expect, it } from 'vitest';
import { fileSystemType, isNetworkFileSystem, probeFileSystem } from './mount-table.js';
import { tempFolder } from './temp-folder.fixture.js';

const mountinfo = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /srv/music rw,relatime - nfs4 nas:/music rw
31 22 0:41 / /srv rw,relatime - ext4 /dev/vdb rw
32 22 0:42 / /mnt/my\\040share rw - cifs //nas/share rw
33 22 0:43 / /data rw - ext4 /dev/vdc rw
34 33 0:44 / /data rw - fuse.sshfs me@host:/ rw
`;

describe('the mount table', () => {
  it.each([
    ['/home/me/data', 'ext4'],
    ['/srv/music', 'nfs4'],
    ['/srv/music/atoll', 'nfs4'],
    ['/srv/musical', 'ext4'],
    ['/mnt/my share/data', 'cifs'],
    ['/data/atoll', 'fuse.sshfs'],
  ])('says that %s is on %s', (path, type) => {
    expect(fileSystemType(path, mountinfo)).toBe(type);
  });

  it('says nothing where nothing is mounted', () => {
    expect(fileSystemType('/x', '')).toBeUndefined();
  });

  it.skipIf(process.platform !== 'linux')('of this system knows a local folder', () => {
    const type = probeFileSystem(tempFolder());
    expect(type).toBeTypeOf('string');
    expect(isNetworkFileSystem(type ?? 'nfs')).toBe(false);
  });

  it.each([...[['nfs'], ['nfs4'], ['cifs'], ['smb3'], ['9p'], ['fuse.sshfs'], ['fuse.rclone'], ['ceph']]])(
    '%s is a network file system',
    (type) => {
      expect(isNetworkFileSystem(type)).toBe(true);
    },
  );

  it.each([['ext4'], ['xfs'], ['btrfs'], ['zfs'], ['overlay'], ['tmpfs'], ['virtiofs'], ['fuseblk']])(
    '%s is none',
    (type) => {
      expect(isNetworkFileSystem(type)).toBe(false);
    },
  );
});
