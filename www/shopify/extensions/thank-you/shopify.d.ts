// What the two pages hand to the extension: one module serves both.
declare const shopify:
  | import('@shopify/ui-extensions/purchase.thank-you.block.render').Api
  | import('@shopify/ui-extensions/customer-account.order-status.block.render').Api;
