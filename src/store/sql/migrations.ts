/**
 * The schema's history, forward only. A migration that has shipped is never edited: what changes is a new one. Each
 * runs in the transaction that also notes it, so a killed process leaves the former version whole.
 *
 * The text is SQLite's; {@link forPostgres} says it in PostgreSQL's types. Tables whose rows are short and found by
 * several columns lie in the tree of their key (`without rowid`).
 */
export const migrations: readonly string[] = [
  `
  create table market (
    id integer primary key check (id = 1), name text not null, definition text not null, hash text not null,
    created_ms integer not null, first_interval integer not null, open_from integer not null,
    clear_from integer not null, journal_from integer not null, clock_ms integer not null,
    access_version integer not null
  ) strict;
  create table journal (seq integer primary key, at_ms integer not null, bytes blob not null, keys text) strict;

  create table interval (
    interval integer primary key, closed_ms integer not null, cleared_ms integer, settled_ms integer,
    settlements integer not null, result_hash text
  ) strict;
  create table part (
    interval integer not null, round integer not null, name text not null, bytes blob not null,
    primary key (interval, round, name)
  ) strict;
  create table settlement (
    interval integer not null, round integer not null, meter_seq integer not null, at_ms integer not null,
    primary key (interval, round)
  ) strict, without rowid;
  create table carried (name text primary key, interval integer not null, bytes blob not null) strict;

  create table participant (
    id integer primary key, name text not null unique, role text not null, bus integer, public_json text not null,
    private_json text not null, created_ms integer not null, retired_ms integer
  ) strict;
  create table access_key (
    id text primary key, participant integer not null, hash blob not null, label text not null,
    created_ms integer not null, revoked_ms integer
  ) strict;

  create table reading (
    interval integer not null, participant integer not null, version integer not null, seq integer not null,
    import_wh integer not null, export_wh integer not null, at_ms integer not null, sent_by integer,
    primary key (interval, participant, version)
  ) strict, without rowid;
  create index reading_by_participant on reading (participant, interval);
  create unique index reading_by_seq on reading (seq);
  create table statement (
    participant integer not null, month text not null, version integer not null, body blob not null,
    issued_ms integer not null, primary key (participant, month, version)
  ) strict;

  create table run (
    id text primary key, participant integer not null, spec text not null, state text not null, progress real not null,
    worker text, created_ms integer not null, started_ms integer, ended_ms integer, note text
  ) strict;
  create index run_by_state on run (state, created_ms);
  create table run_file (
    run text not null, name text not null, media_type text not null, content blob not null, primary key (run, name)
  ) strict;
  create table event (
    seq integer primary key, kind text not null, interval integer, at_ms integer not null, body text not null
  ) strict;
  create table audit (
    seq integer primary key, at_ms integer not null, actor integer, action text not null, detail text not null
  ) strict;
  `,
]

export function forPostgres(migration: string): string {
  return migration
    .replace(/ strict(, without rowid)?;/g, ';')
    .replace(/\binteger\b/g, 'bigint')
    .replace(/\bblob\b/g, 'bytea')
    .replace(/\breal\b/g, 'double precision')
}
