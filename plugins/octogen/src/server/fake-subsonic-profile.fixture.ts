/** How the fake differs from the documented protocol, after servers that exist. */
export interface FakeProfile {
  product: string | null;
  version: string;
  /** False: `t` and `s` are unknown, a missing `p` is error 10, as supysonic answers. */
  tokenAuth: boolean;
  /** False: a created playlist is not in the answer (API 1.10). */
  answersPlaylist: boolean;
  /** The most albums a page holds. */
  pageCap: number;
  /** Others' public lists are named `[owner] name`. */
  bracketsOwner: boolean;
  /** Searches that find every song. */
  everySong: readonly string[];
  /** Unknown song ids fail the whole call with 70. */
  checksSongIds: boolean;
}

export const navidromeProfile: FakeProfile = {
  product: 'navidrome',
  version: '1.16.1',
  tokenAuth: true,
  answersPlaylist: true,
  pageCap: 500,
  bracketsOwner: false,
  everySong: ['', '""'],
  checksSongIds: false,
};

export const supysonicProfile: FakeProfile = {
  product: null,
  version: '1.10.2',
  tokenAuth: false,
  answersPlaylist: false,
  pageCap: Number.POSITIVE_INFINITY,
  bracketsOwner: true,
  everySong: [''],
  checksSongIds: true,
};
