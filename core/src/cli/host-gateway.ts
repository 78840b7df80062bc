/** A host that a command talks to: one that runs, or one started for the command alone. */
export interface HostGateway {
  /**
   * Calls the HTTP API.
   * @param path from the root, for example `/api/v1/jobs`
   * @throws AtollError with the code, message and status of the answer's problem
   */
  request<T>(method: HttpMethod, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
