/** What is to be done about one database's migrations. */
export interface MigrationPlan {
  /** Known and not yet applied, in the order they run. */
  pending: string[];
  /** Applied by a newer version of the code. */
  unknown: string[];
  /** Pending, but sorted before one that was applied: it can never run in its place. */
  misplaced: string[];
}

/** Compares the migrations that the code has with those that the database has seen. */
export function planMigrations(known: readonly string[], applied: readonly string[]): MigrationPlan {
  const last = applied.toSorted().at(-1) ?? '';
  const pending = known.filter((name) => !applied.includes(name)).sort();
  return {
    pending,
    unknown: applied.filter((name) => !known.includes(name)),
    misplaced: pending.filter((name) => name < last),
  };
}
