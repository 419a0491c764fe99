/** `npm start`, for a supervisor, which names a part to each script that it runs. */
import { startWholeShop } from '../start/whole-shop.ts';

await startWholeShop(process.env);
