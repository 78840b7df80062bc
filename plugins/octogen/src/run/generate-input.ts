import { z } from '@atoll/sdk';
import { listNames } from '../generation/list-definition.js';
import { similarity } from '../matching/similarity.js';

/** The input of `octogen/generate`. */
export const generateInput = z.strictObject({
  dryRun: z.boolean().default(false).meta({
    title: 'Dry run',
    description: 'Say what would change, and change nothing.',
  }),
  playlists: z
    .array(listName())
    .min(1, 'name at least one list')
    .optional()
    .meta({ title: 'Only these lists', description: 'Without it, all.' }),
  seed: z.int().default(0).meta({
    title: 'Seed',
    description: 'Another number gives another choice of songs for the same day.',
  }),
});

export type GenerateInput = z.output<typeof generateInput>;

function listName() {
  return z
    .string()
    .trim()
    .overwrite((name) => listNames.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name)
    .superRefine((name, context) => {
      if (listNames.includes(name)) return;
      context.addIssue({
        code: 'custom',
        message: `there is no list "${name}"; did you mean "${nearest(name)}"?`,
        params: { hint: `The lists are ${listNames.join(', ')}.` },
      });
    });
}

function nearest(name: string): string {
  const word = name.toLowerCase();
  const scored = listNames.map((known) => ({ known, score: similarity(word, known.toLowerCase()) }));
  return scored.reduce((best, other) => (other.score > best.score ? other : best)).known;
}
