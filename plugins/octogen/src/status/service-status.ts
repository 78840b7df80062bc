import { z } from '@atoll/sdk';

/** How one service that octogen may use is doing. */
export const serviceStatus = z.object({
  status: z.enum(['healthy', 'warning', 'error', 'disabled', 'configured']),
  message: z.string(),
  healthy: z.boolean(),
});

export type ServiceStatus = z.output<typeof serviceStatus>;

export const disabledService = (message: string): ServiceStatus => ({
  status: 'disabled',
  message,
  healthy: false,
});
