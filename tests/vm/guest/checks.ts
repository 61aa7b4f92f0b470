/** What is shown of devices that the kernel itself takes for HID devices, in the order in which it is shown. */
export const HID_CHECKS = [
  'a scanner is found by page 0x8C, usage 2, maker, model and serial number',
  'layout A brings a product with its identifier',
  'layout A one byte further on brings the same',
  'layout B without identifier brings the same',
  'a long code comes in continued reports and is one scan',
  'reports that are too short or of an unknown kind are nothing',
  'a flood of 10,000 reports makes nothing up and the next scan counts',
  'what we write to the scanner reaches it',
  'a second till is kept off a device that is open',
  'a swipe of an own card at a reader of 337 bytes is a member',
  'a swipe of a payment card is refused without a digit',
  'a swipe at a reader of page 0x8E is a member',
  'a swipe at a reader of ID TECH’s own form is a member',
  'a scanner in keyboard mode is told as that and never opened',
  'keys of a scanner in keyboard mode arrive as keys, each as typed',
  'after a replug it is ready by itself, though its node has another name',
  'twenty unplugs with reports in flight are all noticed and end ready',
] as const;
export type HidCheck = (typeof HID_CHECKS)[number];

/** What is shown over the kernel's USB stack, with one device that is a HID scanner and a serial one. */
export const USB_CHECKS = [
  'both halves of a USB scanner are found with maker, model and serial number',
  'the rules that we ship open both halves to the person at the till, and close the line to ModemManager',
  'a report comes through an interrupt endpoint',
  'a scan comes through CDC-ACM, byte for byte',
  'what we write to the serial half reaches it',
  'a second till is kept off the serial port',
  'after a replug both halves are ready by themselves',
  'ten unplugs with bytes in flight are all noticed and end ready',
] as const;
export type UsbCheck = (typeof USB_CHECKS)[number];
