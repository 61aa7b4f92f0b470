import { z } from 'zod';

/** What of a profile is shown as far as the role needs it: how she is reached, where she lives, when she was born. */
export const PersonalField = z.enum([
  'mobile',
  'phone',
  'email',
  'dateOfBirth',
  'street1',
  'street2',
  'postalCode',
]);
export type PersonalField = z.infer<typeof PersonalField>;
export const isPersonal = (field: string): field is PersonalField => PersonalField.safeParse(field).success;

/** True for a text that is what is shown in place of a value, or was made of it: it must never be saved. */
export const isPersonalMask = (text: string): boolean => text.includes('••');
