import type { DeviceView } from '../../../electron/contract/devices.ts';
import { ScannerProfile } from '../../../electron/contract/till.ts';
import { useWords } from '../../lib/words.ts';
import { Facts } from '../../ui/facts.tsx';
import styles from './doctor.module.css';

const hex = (id: number): string => id.toString(16).padStart(4, '0');

/** As people of support ask for it. */
export function DeviceFacts({ device, nowMs }: Readonly<{ device: DeviceView; nowMs: number }>) {
  const { t, formats } = useWords();
  const { kind, path, vendorId, productId, profile, line, lastScanAtMs, message } = device;
  const usb = vendorId === null || productId === null ? '' : `${hex(vendorId)}:${hex(productId)}`;
  const speed =
    line === null
      ? ''
      : `${formats.number(line.baudRate)} · ${line.dataBits}${line.parity.charAt(0).toUpperCase()}${line.stopBits}`;
  const profileName = (name: string): string => {
    const plain = ScannerProfile.safeParse(name);
    return plain.success ? t(`profile.${plain.data}`) : name;
  };
  const facts = [
    [t('doctor.facts.kind'), t(`doctor.kind.${kind}`)],
    [t('doctor.facts.path'), [path, usb].filter((part) => part !== '').join(' · ')],
    [t('doctor.facts.profile'), profile === null ? '' : profileName(profile)],
    [t('doctor.facts.line'), speed],
    [t('doctor.facts.lastScan'), lastScanAtMs === null ? '' : formats.when(lastScanAtMs, nowMs)],
    [t('doctor.facts.message'), message],
  ] as const;
  return <Facts rows={facts} className={styles['facts']} isSelectable />;
}
