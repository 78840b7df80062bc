// Loaded into a host by `--import`: its wall clock is off by as many milliseconds as the file in ATOLL_TEST_CLOCK
// says at each moment. Time that never goes back is left alone, as when somebody sets the clock of a machine.
import { readFileSync } from 'node:fs';

const file = process.env.ATOLL_TEST_CLOCK;
const RealDate = Date;
const now = () => RealDate.now() + Number(readFileSync(file, 'utf8'));

class MovableDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static now() {
    return now();
  }
}

globalThis.Date = MovableDate;
