import { AtollError, type Clock, isAtollError, type Logger } from '@atoll/sdk';
import { type DayPeriod, localDay, type PeriodWindows, periodAt } from '../generation/day-period.js';
import { defineLists, type ListSizes, periodListName } from '../generation/list-definition.js';
import {
  type Plan,
  type PlannedList,
  planLists,
  type Ranking,
  rankLibrary,
} from '../generation/plan-lists.js';
import type { ListRules } from '../generation/solver.js';
import type { Library } from '../library/library.js';
import type { LibraryIndex } from '../library/library-index.js';
import type { Matcher } from '../matching/matcher.js';
import type { ModelEngine } from '../model/model-engine.js';
import { preferProposal } from '../model/prefer-proposal.js';
import type { NamedSong } from '../model/read-answer.js';
import type { MusicServer } from '../server/music-server.js';
import type { GenerateInput } from './generate-input.js';
import type { GenerationResult, SourceName } from './generation-result.js';
import { isPassingFailure } from './is-passing-failure.js';
import { reportSources, sourcesOf } from './source-report.js';
import type { ListsWritten, WriteLists } from './write-lists.js';

/** The library as a run uses it: read after being brought up to date. */
export type RunLibrary = Library & Pick<LibraryIndex, 'refresh'>;

export interface GeneratorParts {
  server: MusicServer;
  library: RunLibrary;
  /** Null where no language model is set up. */
  model: ModelEngine | null;
  matcher: Matcher;
  writeLists: WriteLists;
  /** Called for each source of a list that was created or changed on the server. */
  onWritten(source: SourceName): void;
  clock: Clock;
  timezone: string;
  settings: GeneratorSettings;
}

export interface GeneratorSettings {
  sizes: ListSizes;
  rules: ListRules;
  timeOfDay: { enabled: boolean; windows: PeriodWindows };
}

/** What a run is told and tells. */
export interface RunHandle {
  signal: AbortSignal;
  logger: Logger;
  progress(value: number, phase: string, message?: string): void;
}

/** What the model brought to a run. */
interface Proposed {
  ranking: Ranking;
  calls: number;
  reason: string | null;
  wishes: NamedSong[];
}

/** Albums up to which every run reads all of them. */
const SMALL_LIBRARY = 500;

/**
 * One run: asks the server who it is, brings the index up to date, lets the engines propose, chooses, and writes. All
 * lists are always planned together, so that a run for one of them gives the same songs as a run for all.
 */
export class Generator {
  readonly #parts: GeneratorParts;

  constructor(parts: GeneratorParts) {
    this.#parts = parts;
  }

  /** Fails with an AuthError or UpstreamError of the server, or when not one list could be written. */
  async run(input: GenerateInput, handle: RunHandle): Promise<GenerationResult> {
    const { server, library, clock, timezone, settings } = this.#parts;
    handle.progress(0, 'probe', 'asking the music server');
    await server.probe(handle.signal);
    await this.#refresh(handle);
    const { day, hour } = localDay(clock.now(), timezone);
    const period = settings.timeOfDay.enabled ? periodAt(hour, settings.timeOfDay.windows) : null;
    const songs = await library.all();
    handle.signal.throwIfAborted();

    handle.progress(0.6, 'choose', `choosing among ${songs.length} songs`);
    const lists = defineLists(settings.sizes, period);
    const offline = await rankLibrary({ songs, lists, day, seed: input.seed });
    handle.signal.throwIfAborted();
    const proposed = await this.#propose(offline, { day, input, handle });
    const plan = planLists(proposed.ranking, settings.rules);

    const chosen = choose(plan.lists, input.playlists);
    const written = await this.#parts.writeLists.run(
      { lists: chosen, period: rotationOf(period, chosen), dryRun: input.dryRun },
      handle,
    );
    if (!input.dryRun) this.#count(chosen, written);
    if (written.failures.size > 0 && written.changes.length === 0) throw allFailed(written);
    return this.#result({ plan, chosen, written, proposed, period, asked: input.playlists });
  }

  async #refresh({ signal, logger, progress }: RunHandle): Promise<void> {
    progress(0.05, 'index', 'reading the library');
    const { library, server } = this.#parts;
    const { albums } = await library.state();
    const { complete, ...figures } = await library.refresh({
      server,
      signal,
      // New ratings and plays show only in the albums themselves. A small library is read whole each time.
      full: albums <= SMALL_LIBRARY ? true : undefined,
      progress({ phase, done, total }) {
        const share = total > 0 ? Math.min(1, done / total) : 0;
        progress(
          0.05 + 0.5 * share,
          'index',
          phase === 'listing' ? 'listing albums' : `${done} of ${total} albums`,
        );
      },
    });
    signal.throwIfAborted();
    if (complete) logger.info(figures, 'the library is read');
    else
      logger.warn(
        figures,
        'the library could not be read whole; songs that are gone stay until the next run',
      );
  }

  /** The offline ranking with the model's choice on top, or as it was and why. */
  async #propose(
    ranking: Ranking,
    { day, input, handle }: { day: string; input: GenerateInput; handle: RunHandle },
  ): Promise<Proposed> {
    const { model } = this.#parts;
    const offline = { ranking, calls: 0, reason: null, wishes: [] };
    if (!model) return offline;
    if (ranking.items.length === 0) return { ...offline, reason: 'the library has no songs to choose from' };
    handle.progress(0.65, 'model', `asking ${model.model}`);
    try {
      const proposal = await model.propose({
        ranked: ranking.ranked,
        recordings: ranking.items,
        day,
        seed: input.seed,
        dryRun: input.dryRun,
        signal: handle.signal,
      });
      const { found, wishes } = await this.#matchWishes(proposal.wishes, handle.signal);
      const lists = new Map(proposal.lists);
      if (found.length > 0) lists.set('Discovery', [...(lists.get('Discovery') ?? []), ...found]);
      return {
        ranking: { ...ranking, ranked: preferProposal(ranking.ranked, ranking.items, lists, model.model) },
        calls: proposal.calls,
        reason:
          proposal.earlier === null ? null : `the answer of today's earlier ${proposal.earlier} was used`,
        wishes,
      };
    } catch (err) {
      if (handle.signal.aborted || !isAtollError(err) || !isPassingFailure(err)) throw err;
      handle.logger.warn(
        { err, service: 'ai' },
        'the language model brought nothing; the offline engine fills in',
      );
      return { ...offline, reason: err.message };
    }
  }

  /** Splits what the model would add into what the library has after all and what it lacks. */
  async #matchWishes(
    named: readonly NamedSong[],
    signal: AbortSignal,
  ): Promise<{ found: string[]; wishes: NamedSong[] }> {
    const results = await this.#parts.matcher.matchMany(named, signal);
    return {
      found: results.flatMap(({ match }) => match?.song.recording ?? []),
      wishes: named.filter((_, at) => !results[at]?.match),
    };
  }

  #count(lists: readonly PlannedList[], { changes }: ListsWritten): void {
    const changed = new Set(changes.filter((change) => change.changed).map((change) => change.list));
    for (const list of lists) {
      if (changed.has(list.name)) for (const source of sourcesOf(list)) this.#parts.onWritten(source);
    }
  }

  #result(run: {
    plan: Plan;
    chosen: PlannedList[];
    written: ListsWritten;
    proposed: Proposed;
    period: DayPeriod | null;
    asked: readonly string[] | undefined;
  }): GenerationResult {
    const { plan, chosen, written, proposed } = run;
    const shorts = new Map(chosen.map((list) => [list.name, list.short]));
    const reasonForNone = timeOfDayReason(run.period, run.asked);
    return {
      playlists: written.changes.map((change) => ({
        name: change.name,
        id: change.id,
        created: change.created,
        added: change.added,
        removed: change.removed,
        moved: change.moved,
        kept: change.kept,
        short: shorts.get(change.list) ?? null,
      })),
      sources: reportSources(chosen, {
        ai: this.#parts.model !== null,
        aiReason: proposed.reason,
        timeOfDay: this.#parts.settings.timeOfDay.enabled && wantsTimeOfDay(run.asked),
        timeOfDayReason: reasonForNone,
        failures: written.failures,
      }),
      stats: {
        playlists_created: written.changes.filter((change) => change.created).length,
        playlists_updated: written.changes.filter((change) => change.changed && !change.created).length,
        playlists_unchanged: written.changes.filter((change) => !change.changed).length,
        playlists_failed: written.failures.size,
        playlists_removed: written.removed,
        songs_found: chosen.reduce((sum, list) => sum + list.songs.length, 0),
        songs_skipped_low_rating: plan.lowRated,
        songs_skipped_duplicate: plan.copies,
        duplicates_prevented: plan.duplicatesPrevented,
        ai_calls: proposed.calls,
        wishes: proposed.wishes,
      },
    };
  }
}

function choose(lists: readonly PlannedList[], asked: readonly string[] | undefined): PlannedList[] {
  return asked ? lists.filter((list) => asked.includes(list.name)) : [...lists];
}

/** The period whose list replaces those of the others; null where this run makes none. */
function rotationOf(period: DayPeriod | null, chosen: readonly PlannedList[]): DayPeriod | null {
  return period && chosen.some((list) => list.definition.period === period && list.songs.length > 0)
    ? period
    : null;
}

function wantsTimeOfDay(asked: readonly string[] | undefined): boolean {
  return !asked || periodNames.some((name) => asked.includes(name));
}

const periodNames = (['morning', 'afternoon', 'evening', 'night'] as const).map(periodListName);

function timeOfDayReason(period: DayPeriod | null, asked: readonly string[] | undefined): string | null {
  if (!period) return 'no part of the day is set for this hour';
  const other = asked?.find((name) => periodNames.includes(name) && name !== periodListName(period));
  return other ? `${other} is not made at this hour; it is time for ${periodListName(period)}` : null;
}

function allFailed({ failures }: ListsWritten): AtollError {
  const [first] = failures.values();
  return new AtollError(
    'octogen_nothing_written',
    `none of ${failures.size} lists could be written: ${first}`,
    {
      hint: 'Nothing half-written is left behind; the next run tries again.',
      status: 502,
    },
  );
}
