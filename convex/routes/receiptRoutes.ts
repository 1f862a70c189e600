import { blobGet, receiptGet, receiptsList } from '../../loop/contract/endpoint.ts';
import { receiptSchema } from '../../loop/contract/receipt.ts';
import { internal } from '../_generated/api.js';
import { failure } from '../failure.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

/** Reading receipts: lists for operators, one for its owner or a reader. */
export function registerReceiptRoutes(app: App): void {
  route(app, receiptsList, async ({ cursor, ...filter }, { ctx }) => {
    const page = await ctx.runQuery(internal.receipts.list, { ...filter, cursor: cursor ?? null });
    return {
      receipts: page.receiptJsons.map(text => receiptSchema.parse(JSON.parse(text))),
      cursor: page.cursor,
    };
  });
  route(app, receiptGet, async ({ receiptId }, { ctx, user }) => {
    const found = await ctx.runQuery(internal.receipts.byId, { receiptId });
    // A user is told the same of a missing receipt and of somebody else's.
    if (!found || (user && found.unit !== user.userId))
      throw failure('unknown_receipt', `There is no receipt ${receiptId}.`);
    return { receipt: receiptSchema.parse(JSON.parse(found.receiptJson)) };
  });
  route(app, blobGet, async ({ receiptId, blobId }, { ctx, user }) => {
    const found = await ctx.runQuery(internal.receipts.blobOf, { receiptId, blobId });
    if (!found || (user && found.unit !== user.userId))
      throw failure('unknown_blob', `Receipt ${receiptId} has no blob ${blobId}.`);
    return { receiptId, blobId, text: found.text };
  });
}
