import { z } from 'zod';

// The content security policy forbids code made from text. zod tries it as each schema is made, so this comes first.
z.config({ jitless: true });
