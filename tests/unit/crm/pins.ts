/** Of the people of a test centre; the demo's are the same. */
export const MANAGER_PIN = '739205';
export const CASHIER_PIN = '480617';
