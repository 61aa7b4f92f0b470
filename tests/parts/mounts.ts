import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const asRoot = (...line: string[]): void => {
  execFileSync('/usr/bin/env', process.getuid?.() === 0 ? line : ['sudo', '-n', ...line]);
};

export interface Mounted {
  folder: string;
  end(): void;
}

/** A disk in memory of `size`, as mount writes it (`2m`). */
export function mountSmall(size: string): Mounted & { resize(next: string): void } {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-small-'));
  asRoot('mount', '-t', 'tmpfs', '-o', `size=${size},uid=${process.getuid?.()}`, 'tmpfs', folder);
  return {
    folder,
    resize: (next) => asRoot('mount', '-o', `remount,size=${next}`, folder),
    end: () => {
      // Lazily: a test that failed may still have a file open.
      asRoot('umount', '-l', folder);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A new ext4 of `megabytes` in the file `image`. */
export function makeImage(image: string, megabytes: number): void {
  const args = [
    '-q',
    '-F',
    '-E',
    `root_owner=${process.getuid?.()}:${process.getgid?.()}`,
    image,
    `${megabytes}M`,
  ];
  execFileSync('/usr/bin/env', ['PATH=/usr/sbin:/sbin:/usr/bin:/bin', 'mkfs.ext4', ...args]);
}

/**
 * The file system in the file `image`, over a loop device. What the image holds at any moment is what a disk would; the
 * journal is not written out by a timer meanwhile, only by a sync.
 */
export function mountImage(image: string): Mounted {
  const folder = `${image}.mounted`;
  mkdirSync(folder, { recursive: true });
  asRoot('mount', '-t', 'ext4', '-o', 'loop,commit=300', image, folder);
  return {
    folder,
    end: () => {
      asRoot('umount', folder);
      rmSync(folder, { recursive: true });
    },
  };
}
