import type { DeviceView, ScanRules } from '../../../../../electron/contract/devices.ts';

export const makeDevice = (changes: Partial<DeviceView> = {}): DeviceView => ({
  deviceId: 'a',
  kind: 'serial',
  maker: 'Zebra',
  model: 'DS2208',
  vendorId: 0x05e0,
  productId: 0x1701,
  path: '/dev/ttyACM0',
  isPlugged: true,
  state: 'ready',
  problem: null,
  message: '',
  isAssigned: true,
  reason: null,
  isIdentifying: false,
  profile: 'auto',
  line: { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
  tone: 'bel',
  canTone: true,
  lastScanAtMs: null,
  rulesFile: '',
  isPortSetting: false,
  ...changes,
});

export const makeRules = (changes: Partial<ScanRules> = {}): ScanRules => ({
  walletPrefixes: [],
  tenantRules: [],
  wedge: { prefix: null, layout: 'os', identifiers: 'aim' },
  ...changes,
});
