/** What a plugin has registered at this moment, from the same records that undo it. */
export interface Footprint {
  /** `GET /path`, below the plugin's prefix. */
  routes: string[];
  jobs: string[];
  metrics: string[];
  /** Health checks. */
  checks: string[];
  /** Names of events it listens to. */
  listeners: string[];
  /** Resilience policies and clients. */
  policies: string[];
  /** Hosts it talks to. */
  outbound: string[];
  /** Tables of its database. */
  tables: string[];
  /** Labels of its other effects. */
  effects: string[];
}
