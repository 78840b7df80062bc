import { z } from '@atoll/sdk';
import type { AiTarget } from '../model/ai-backend.js';
import type { ModelEngine } from '../model/model-engine.js';
import type { ServerWatch } from './server-watch.js';
import { disabledService, type ServiceStatus, serviceStatus } from './service-status.js';

/** Every service by the name that clients of the original know; those this version does not use are disabled. */
export const serviceOverview = z.object({
  navidrome: serviceStatus,
  octofiesta: serviceStatus,
  ai: serviceStatus.extend({ backend: z.string().nullable(), model: z.string().nullable() }),
  audiomuse: serviceStatus,
  lastfm: serviceStatus,
  listenbrainz: serviceStatus,
  lidarr: serviceStatus,
});

export type ServiceOverview = z.output<typeof serviceOverview>;

export class Services {
  readonly #server: ServerWatch;
  readonly #target: AiTarget | null;
  readonly #model: ModelEngine | null;

  constructor(server: ServerWatch, target: AiTarget | null, model: ModelEngine | null) {
    this.#server = server;
    this.#target = target;
    this.#model = model;
  }

  overview(): ServiceOverview {
    const unused = disabledService('not used by this version');
    return {
      navidrome: this.#server.current(),
      octofiesta: unused,
      ai: { ...this.#ai(), backend: this.#target?.backend ?? null, model: this.#target?.model ?? null },
      audiomuse: unused,
      lastfm: unused,
      listenbrainz: unused,
      lidarr: unused,
    };
  }

  /** Degraded when a service that is in use does not work; those that are disabled or not asked yet do not count. */
  health(): 'healthy' | 'degraded' {
    const failing = Object.values(this.overview()).some(
      ({ status }) => status === 'error' || status === 'warning',
    );
    return failing ? 'degraded' : 'healthy';
  }

  #ai(): ServiceStatus {
    if (!this.#target) return disabledService('AI_API_KEY not set; lists are made from the library alone');
    const last = this.#model?.last;
    if (!last) return { status: 'configured', message: 'not asked yet', healthy: false };
    return last.problem === null
      ? { status: 'healthy', message: 'answered when last asked', healthy: true }
      : { status: 'error', message: last.problem, healthy: false };
  }
}
