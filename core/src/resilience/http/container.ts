import { existsSync } from 'node:fs';

/** Whether this process runs in a Docker, Podman or Kubernetes container. */
export function runsInContainer(): boolean {
  return (
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv') ||
    process.env.KUBERNETES_SERVICE_HOST !== undefined
  );
}
