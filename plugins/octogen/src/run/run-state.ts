/** Whether a run is under way, for those who only want to know. */
export class RunState {
  #running = 0;

  get running(): boolean {
    return this.#running > 0;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
    }
  }
}
