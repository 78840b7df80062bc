import { type Migrations, sql } from '@atoll/sdk';

/** The tables of the index. SQLite only: it leans on FTS5, triggers and rowids. */
export const libraryMigrations: Migrations = {
  '001_library': {
    async up(db) {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  },
};

const statements = [
  `create table library_songs (
    seq integer primary key,
    id text not null unique,
    title text not null,
    artist text not null,
    album text,
    album_id text,
    genres text not null,
    year integer,
    duration_ms integer,
    bpm real,
    rating integer not null,
    starred_at integer,
    play_count integer not null,
    last_played_at integer,
    added_at integer,
    mbid text,
    recording text not null,
    listed_in text,
    hash integer not null
  )`,
  'create index library_songs_listed_in on library_songs (listed_in)',
  'create index library_songs_mbid on library_songs (mbid) where mbid is not null',
  'create index library_songs_starred on library_songs (starred_at) where starred_at is not null',

  'create table library_albums (id text primary key, revision text not null) without rowid',

  `create table library_keys (
    artist_key text not null,
    title_key text not null,
    song integer not null,
    primary key (artist_key, title_key, song)
  ) without rowid`,
  'create index library_keys_title on library_keys (title_key)',
  'create index library_keys_song on library_keys (song)',

  // The text is folded before it gets here, so the tokenizer has nothing left to fold. The songs hold the originals.
  `create virtual table library_text using fts5 (
    title, artist, album,
    content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0'
  )`,

  `create table library_state (
    songs integer not null,
    albums integer not null,
    rated integer not null,
    low_rated integer not null,
    full_at integer,
    account text
  )`,
  'insert into library_state values (0, 0, 0, 0, null, null)',

  `create trigger library_albums_added after insert on library_albums begin
    update library_state set albums = albums + 1;
  end`,
  `create trigger library_albums_removed after delete on library_albums begin
    update library_state set albums = albums - 1;
  end`,
  `create trigger library_songs_added after insert on library_songs begin
    update library_state set
      songs = songs + 1,
      rated = rated + (new.rating > 0),
      low_rated = low_rated + (new.rating between 1 and 2);
  end`,
  `create trigger library_songs_changed after update of rating on library_songs begin
    update library_state set
      rated = rated + (new.rating > 0) - (old.rating > 0),
      low_rated = low_rated + (new.rating between 1 and 2) - (old.rating between 1 and 2);
  end`,
  `create trigger library_songs_removed after delete on library_songs begin
    delete from library_keys where song = old.seq;
    delete from library_text where rowid = old.seq;
    update library_state set
      songs = songs - 1,
      rated = rated - (old.rating > 0),
      low_rated = low_rated - (old.rating between 1 and 2);
  end`,
];
