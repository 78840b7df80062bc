import { fold } from './fold.js';

/**
 * What kind of recording of a song it is. A remaster, a mono mix or an album version is `studio`; `edit` is the same
 * recording made shorter or longer; `alternate` is any other one that its title names ("Spanish Version", "Take 2").
 */
export type VersionClass =
  | 'studio'
  | 'live'
  | 'remix'
  | 'acoustic'
  | 'instrumental'
  | 'demo'
  | 'cover'
  | 'edit'
  | 'alternate';

/** What a bracket or a dash suffix of a title says. */
export type Marker =
  /** It names the recording. `qualifier` is what tells two of that kind apart ("foo" of "Foo Remix"). */
  | { kind: 'version'; version: VersionClass; qualifier: string }
  /** It says nothing of the recording: remaster, bonus track, explicit, guests, soundtrack. */
  | { kind: 'noise' }
  /** It is part of the title, as far as anyone can tell. */
  | { kind: 'title' };

/** Markers that leave a recording what it is. They win over every version below. */
const noise = [
  /^((19|20)\d\d )?(digital(ly)? )?re ?master(ed|ing)?$/,
  /^((19|20)\d\d )?(digital(ly)? )?re ?master(ed)? (version|edition|in)?( ?(19|20)\d\d)?$/,
  /^(mono|stereo|album|single|lp|original|full length)?( version)? re ?master(ed)?( version)?( (19|20)\d\d)?$/,
  /^(19|20)\d\d( (mono|stereo))?( (mix|version|edition))?$/,
  /^(mono|stereo|original|main|album)( mix)?( (19|20)\d\d)?$/,
  /^mix (19|20)\d\d$/,
  /^(original |main |full )?(mono|stereo|original|album|lp|single|ep|7 inch|7|standard|full|full length|soundtrack|explicit|clean|video)( album| single)? (version|cut|recording)$/,
  /^(explicit|clean|dirty|uncensored|censored|single|album|deluxe|expanded|a side|b side|non album track)( edition)?$/,
  /^(official )?((music |lyrics? )?video|audio|lyrics?)$/,
  /^(feat|ft|featuring|with|w|prod|produced) /,
  /^((hidden|bonus|extra) )+(track|cut|song)\b/,
  /\bbonus track$/,
  /^from (the )?(album|ep|movie|film|motion picture|soundtrack|vault|netflix|disney|series)\b/,
  /^(music |song |theme |taken )?from .*(soundtrack|motion picture|movie|film|series|ost|musical)$/,
  /^(the )?(original )?(motion picture )?(soundtrack|ost)$/,
];

/** In order: the first that matches decides, so that "Live Acoustic" is live and "Karaoke Instrumental" a cover. */
const versions: readonly (readonly [VersionClass, readonly RegExp[]])[] = [
  [
    'cover',
    [
      /\bkaraoke\b/,
      /\bcover( version)?$/,
      /^cover (by|of|version)\b/,
      /\b(in the style of|made famous by|originally performed|tribute to|tribute version|backing track)\b/,
    ],
  ],
  [
    'live',
    [
      /^live$/,
      /^live (at|in|from|on|version|sessions?|performance|recording|take|acoustic|edit|mix|album|medley|re ?master(ed)?|\d.*)\b/,
      /\blive (at|from|version|sessions?|recording|performance|in concert)\b/,
      // "Wembley Live", but not "Long Live" or "The Way We Live".
      /(?<!\b(long|i|we|you|they|to|and|can|will|lets|how|where|as|never|always)) live( (19|20)\d\d)?$/,
      /^(recorded live|in concert|concert version)\b/,
      /\bunplugged\b/,
      /\b(peel|bbc|kexp|radio|spotify|itunes) sessions?\b/,
      /^(en vivo|en directo|ao vivo|ライブ)/,
    ],
  ],
  [
    'edit',
    [
      /^edit(ed)?( version)?$/,
      /\b(radio|single|short|video|club|long|full|tv|album) edit\b/,
      /^(radio|extended|short|long|club|12 inch|12|maxi)( (club|dance|vocal|single|play))* (mix|version|cut|edit)\b/,
      /^(extended|12 inch)$/,
    ],
  ],
  [
    'remix',
    [
      /\b(remix|remixed|rmx|rework|reworked|refix|bootleg|mashup|mash up|vip|dub|flip|megamix|remake)\b/,
      /\b(mix|edit)( (19|20)\d\d)?$/,
    ],
  ],
  ['instrumental', [/\binstrumental\b/, /\bno vocals?\b/]],
  ['demo', [/\bdemos?\b/, /\b(work tape|home recording)\b/]],
  ['acoustic', [/\b(acoustic|stripped|akustik|acustic[oa])\b/, /\bpiano version\b/]],
  [
    'alternate',
    [
      /\bversion( (19|20)\d\d)?$/,
      /\b(alternate|alternative|outtake|rehearsal|reprise|acapella|a c?cap+ella|slowed|sped up|nightcore)\b/,
      /\b(re ?recorded|orchestral)\b/,
      /^((early|first|second) )?take( \d+)?$/,
    ],
  ],
];

/** Words that markers of a class have in common, and that do not tell which one it is. */
const common =
  /\b(the|version|mix|remix|remixed|rmx|re ?master(ed)?|original|official|edit|by|live|at|in|from|on|radio|extended|single|(19|20)\d\d)\b/g;

/** Reads the inside of a bracket, or what follows a dash. */
export function classifyMarker(text: string): Marker {
  const marker = fold(text);
  if (noise.some((pattern) => pattern.test(marker))) return { kind: 'noise' };
  for (const [version, patterns] of versions) {
    if (!patterns.some((pattern) => pattern.test(marker))) continue;
    return { kind: 'version', version, qualifier: marker.replace(common, ' ').replace(/ +/g, ' ').trim() };
  }
  return { kind: 'title' };
}
