/** What an MP3 file says of itself; the keys are ID3v2.4 frames. */
export interface Id3Frames {
  /** Title. */
  TIT2?: string;
  /** Artist. */
  TPE1?: string;
  /** Album artist. */
  TPE2?: string;
  TALB?: string;
  /** Track number. */
  TRCK?: string;
  /** Year or date. */
  TDRC?: string;
  /** Genre. */
  TCON?: string;
}

/** An ID3v2.4 tag (id3.org/id3v2.4.0-structure) with UTF-8 text frames, to stand before the audio of an MP3 file. */
export function id3Tag(frames: Id3Frames): Buffer {
  const body = Buffer.concat(
    Object.entries(frames).map(([id, value]) => {
      const content = Buffer.concat([Buffer.from([3]), Buffer.from(value, 'utf8')]);
      return Buffer.concat([
        Buffer.from(id, 'latin1'),
        syncsafe(content.length),
        Buffer.from([0, 0]),
        content,
      ]);
    }),
  );
  return Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), syncsafe(body.length), body]);
}

/** Four bytes of seven bits each, so that no size looks like the start of audio. */
function syncsafe(size: number): Buffer {
  return Buffer.from([(size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127]);
}
