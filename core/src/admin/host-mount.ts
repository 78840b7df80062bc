import { ApiDocument } from '../http/api-document.js';
import { docsRoutes } from '../http/docs-page.js';
import { HttpMount } from '../http/http-mount.js';
import { enterScope } from '../scope/execution-scope.js';
import { version } from '../version.js';
import type { AdminHost } from './admin-host.js';
import { healthRoutes } from './health.js';
import { jobRoutes } from './jobs.js';
import { landingRoutes } from './landing.js';
import { metricsRoutes } from './metrics.js';
import { pluginRoutes } from './plugins.js';
import { resilienceRoutes } from './resilience.js';
import { runRoutes } from './runs.js';
import { startupRoutes } from './startup.js';
import { tokenRoutes } from './tokens.js';

/** The host's own routes: admin API, health, metrics, API documents. Ready to be mounted. */
export async function createHostMount(host: AdminHost): Promise<HttpMount> {
  const { publicUrl, trustedProxies } = host.catalog.config.host.http;
  const mount = new HttpMount({
    name: 'atoll',
    plugin: null,
    clock: host.clock,
    tokens: host.tokens,
    logger: host.logging.logger,
    redact: host.logging.redact,
    enter: enterScope,
    metrics: host.httpMetrics,
    trustedProxies,
  });
  landingRoutes(mount);
  healthRoutes(mount, host);
  metricsRoutes(mount, host);
  pluginRoutes(mount, host);
  jobRoutes(mount, host);
  runRoutes(mount, host);
  startupRoutes(mount, host);
  resilienceRoutes(mount, host);
  tokenRoutes(mount, host);
  mount.routes(
    docsRoutes(
      new ApiDocument({ version, server: publicUrl === null ? '/' : new URL(publicUrl).pathname }, () =>
        host.frontDoor.mounts(),
      ),
    ),
  );
  await mount.ready();
  return mount;
}
