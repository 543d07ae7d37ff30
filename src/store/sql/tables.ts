/**
 * The tables, alike in SQLite and PostgreSQL. Numbers are whole and below 2^53 except `run.progress`; what could be
 * larger (money) stands in packed columns. JSON is text, moments are UTC epoch milliseconds.
 */
export interface Tables {
  /** one row: the market, where its gates and clock stand, and counters that tell others what changed */
  market: {
    id: number
    name: string
    definition: string
    hash: string
    created_ms: number
    first_interval: number
    open_from: number
    clear_from: number
    /** first journal row a start must read */
    journal_from: number
    clock_ms: number
    /** counts changes of participants and keys */
    access_version: number
  }
  /** order events and gates, one row a group that was written together (`journal/events.ts`) */
  journal: { seq: number; at_ms: number; bytes: Uint8Array; keys: string | null }
  /** closed intervals */
  interval: {
    interval: number
    closed_ms: number
    cleared_ms: number | null
    settled_ms: number | null
    settlements: number
    result_hash: string | null
  }
  /** what was recorded about an interval: round 0 is the clearing, then settlements */
  part: { interval: number; round: number; name: string; bytes: Uint8Array }
  settlement: { interval: number; round: number; meter_seq: number; at_ms: number }
  /** state handed from interval to interval */
  carried: { name: string; interval: number; bytes: Uint8Array }
  participant: {
    id: number
    name: string
    role: string
    bus: number | null
    public_json: string
    private_json: string
    created_ms: number
    retired_ms: number | null
  }
  access_key: {
    id: string
    participant: number
    hash: Uint8Array
    label: string
    created_ms: number
    revoked_ms: number | null
  }
  reading: {
    interval: number
    participant: number
    version: number
    seq: number
    import_wh: number
    export_wh: number
    at_ms: number
    sent_by: number | null
  }
  statement: { participant: number; month: string; version: number; body: Uint8Array; issued_ms: number }
  run: {
    id: string
    participant: number
    spec: string
    state: string
    progress: number
    worker: string | null
    created_ms: number
    started_ms: number | null
    ended_ms: number | null
    note: string | null
  }
  run_file: { run: string; name: string; media_type: string; content: Uint8Array }
  event: { seq: number; kind: string; interval: number | null; at_ms: number; body: string }
  audit: { seq: number; at_ms: number; actor: number | null; action: string; detail: string }
}
