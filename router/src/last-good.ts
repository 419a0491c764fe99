import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The supergraph that was served last, kept so that a router can start without its source. */
export interface LastGood {
  /** Null when none is kept. */
  read(): Promise<string | null>;
  /** Resolves when the text is on the disk: whole, or, after a crash, the one before. */
  write(supergraphSdl: string): Promise<void>;
}

export function createLastGood(file: string): LastGood {
  return {
    async read() {
      try {
        return await readFile(file, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(supergraphSdl) {
      await mkdir(dirname(file), { recursive: true });
      const aside = `${file}.${process.pid}`;
      try {
        const handle = await open(aside, 'w');
        try {
          await handle.writeFile(supergraphSdl);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(aside, file);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
    },
  };
}
