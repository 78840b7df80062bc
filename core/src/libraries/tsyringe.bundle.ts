export * from 'tsyringe';
