import { isIP } from 'node:net';
import { byteSize, duration, httpUrl, pluginIdSchema, timeZone } from '@atoll/sdk';
import { z } from 'zod';
import { logLevels } from '../logging/log-line.js';
import { scheduleSetting } from './schedule-setting.js';
import { storageUrl } from './storage-url.js';

const proxyNames = ['loopback', 'linklocal', 'uniquelocal'];

function isProxyAddress(text: string): boolean {
  if (proxyNames.includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function isListenAddress(text: string): boolean {
  return isIP(text.replace(/%\w+$/, '')) !== 0 || /^[\w-]+(\.[\w-]+)*\.?$/.test(text);
}

const httpConfig = z
  .strictObject({
    host: z
      .string()
      .trim()
      .refine(isListenAddress, 'must be an address or a host name, without a port')
      .default('127.0.0.1')
      .meta({
        title: 'Address',
        description: 'Where Atoll listens; 0.0.0.0 opens it to the whole network.',
        env: ['ATOLL_HOST'],
      }),
    port: z
      .int()
      .min(0)
      .max(65535)
      .default(4700)
      .meta({
        title: 'Port',
        description: 'Serves the API and the pages; 0 takes any free one.',
        env: ['ATOLL_PORT'],
      }),
    publicUrl: httpUrl()
      .optional()
      .meta({
        title: 'Public address',
        description: 'Where people reach Atoll through a proxy; its path is cut from every request.',
        env: ['ATOLL_PUBLIC_URL'],
        examples: ['https://home.example.org/atoll'],
      }),
    trustedProxies: z
      .array(
        z.string().trim().refine(isProxyAddress, {
          error: 'must be an IP address, a range such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
        }),
      )
      .default([])
      .meta({
        title: 'Trusted proxies',
        description: 'Addresses and ranges whose forwarded headers count.',
      }),
    shutdownMs: duration({ max: 600_000 }).prefault('30s').meta({
      title: 'Shutdown time',
      description: 'How long requests under way and plugins may take to end when Atoll stops.',
    }),
  })
  .prefault({})
  .meta({ title: 'HTTP' });

const storageConfig = z
  .strictObject({
    url: storageUrl()
      .optional()
      .meta({
        title: 'Database',
        description: 'sqlite:<folder> keeps one file a plugin there. Default: the data folder.',
        env: ['DATABASE_URL'],
        examples: ['sqlite:./data'],
      }),
  })
  .prefault({})
  .meta({ title: 'Storage' });

const logConfig = z
  .strictObject({
    level: z
      .enum(logLevels)
      .default('info')
      .meta({
        title: 'Level',
        description: 'Least important lines that are still written.',
        env: ['LOG_LEVEL'],
      }),
    format: z
      .enum(['text', 'json'])
      .default('text')
      .meta({
        title: 'Format',
        description: 'Lines for people, or one JSON object a line.',
        env: ['LOG_FORMAT'],
      }),
    file: z
      .string()
      .trim()
      .min(1)
      .optional()
      .meta({
        title: 'File',
        description: 'Written beside standard output, and rotated. Default: no file.',
        env: ['LOG_FILE'],
        examples: ['./data/logs/atoll.log'],
      }),
    maxSize: byteSize({ min: 1024 })
      .prefault('10MB')
      .meta({
        title: 'File size',
        description: 'Size at which the file is rotated.',
        env: ['LOG_MAX_SIZE', 'LOG_MAX_BYTES'],
      }),
    backups: z
      .int()
      .min(0)
      .max(1000)
      .default(5)
      .meta({
        title: 'Old files',
        description: 'Rotated files that are kept.',
        unit: 'files',
        env: ['LOG_BACKUP_COUNT'],
      }),
  })
  .prefault({})
  .meta({ title: 'Log' });

/** What the config says about one plugin besides its own settings, which stand under `config`. */
export const pluginEntrySchema = z.strictObject({
  enabled: z.boolean().default(true).meta({ title: 'Enabled', description: 'Whether the plugin runs.' }),
  required: z.boolean().default(false).meta({
    title: 'Required',
    description: 'Whether Atoll counts as not ready while this plugin does not run.',
  }),
  schedules: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a job'), scheduleSetting())
    .default({})
    .meta({
      title: 'Schedules',
      description: 'When jobs run, by name: a cron expression, an interval such as 6h, or off.',
    }),
  config: z.unknown().optional().meta({ title: 'Settings', description: 'Settings of the plugin itself.' }),
});

/** The host's part of the config file. The settings of each plugin are checked by the plugin's own schema. */
export const hostConfigSchema = z
  .strictObject({
    http: httpConfig,
    storage: storageConfig,
    log: logConfig,
    timezone: timeZone()
      .optional()
      .meta({
        title: 'Time zone',
        description: 'Of schedules and days. Default: that of the system.',
        env: ['TIMEZONE', 'TZ'],
        examples: ['Europe/Berlin'],
      }),
    plugins: z.record(pluginIdSchema, pluginEntrySchema).default({}).meta({
      title: 'Plugins',
      description: 'Plugins by id. A plugin that is not named runs on its defaults.',
    }),
  })
  .meta({ title: 'Atoll' });
