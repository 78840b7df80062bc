import { defineConfig } from 'tsup';
import { sources } from '../../tsup.base.ts';

export default defineConfig(sources);
