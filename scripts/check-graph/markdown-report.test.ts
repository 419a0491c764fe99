import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCommittedShop, schema, withoutPrice } from './test/small-shop.ts';

const schemaFile = 'subgraphs/products/schema.graphql';

test('the report says the verdict, what changed, who uses it and whose it is', async () => {
  using shop = await openCommittedShop();
  shop.write(schemaFile, withoutPrice.replace('name: String', 'title: String\n  name: String @deprecated'));
  const file = join(shop.root, 'report.md');
  expect((await shop.check('--report', file)).code).toBe(1);
  const report = readFileSync(file, 'utf8');
  expect(report).toMatch(/^## ❌ The graph is refused: \d+ errors\n/);
  expect(report).toContain(
    "| `Product.price` | Field 'price' was removed from object type 'Product' | **breaking** | `Prices` | Products team (products) |",
  );
  expect(report).toMatch(
    /\| `Product.title` \| Field 'title' was added .*\| safe \| — \| Products team \(products\) \|/,
  );
  expect(report).toContain(
    '### Operations affected\n\n| operation | because of |\n| --- | --- |\n| `Prices` | FIELD_REMOVED |',
  );
  expect(report).toContain(`### Changes that break clients\n\n- **FIELD_REMOVED** Field 'price'`);
  expect(report).toContain(`  - at \`${schemaFile}:4:6\`\n  - owned by Products team (products)`);
  expect(report).toMatch(/### Lint\n\n- \*\*MISSING_DESCRIPTION\*\*/);
  expect(report).toContain('### Files\n\n- **STALE_FILE**');
});

test('a plan that changes is shown line by line', async () => {
  using shop = await openCommittedShop();
  shop.write('contracts/operations/shop.graphql', 'query Prices { products { price name } }\n');
  const file = join(shop.root, 'report.md');
  await shop.check('--report', file);
  expect(readFileSync(file, 'utf8')).toMatch(/- \*\*PLAN_CHANGED\*\* .*\n\n {2}```\n[^`]*\+ +name\n[^`]*```/);
});

test('it names what does not compose, and where', async () => {
  using shop = await openCommittedShop();
  shop.write(schemaFile, schema.replace('[Product]', '[Nothing]'));
  const file = join(shop.root, 'report.md');
  await shop.check('--report', file);
  expect(readFileSync(file, 'utf8')).toMatch(
    /### The subgraphs do not compose\n\n- \*\*INVALID_GRAPHQL\*\* .* Unknown type Nothing\n {2}- at `subgraphs\/products\/schema.graphql:16:14`/,
  );
});

test('a workflow on GitHub finds it in its summary, after what others wrote there', async () => {
  using folder = await openCommittedShop();
  const summary = join(folder.root, 'summary.md');
  writeFileSync(summary, '# Tests\n');
  using shop = await openCommittedShop({ GITHUB_STEP_SUMMARY: summary });
  await shop.check();
  const text = readFileSync(summary, 'utf8');
  expect(text).toMatch(/^# Tests\n## ✅ The graph serves every client\n\n0 errors; 1 operation; /);
});

test('what a schema says calls nobody and is no HTML', async () => {
  using shop = await openCommittedShop();
  shop.write(schemaFile, schema.replace('In minor units.', 'Ask @somebody, <img src=x>'));
  const file = join(shop.root, 'report.md');
  await shop.check('--report', file);
  const report = readFileSync(file, 'utf8');
  expect(report).toContain('Ask &#64;somebody, &lt;img src=x>');
  expect(report).not.toMatch(/@somebody|<img/);
});

test('of very many changes some are shown and the rest is counted', async () => {
  using shop = await openCommittedShop();
  const fields = Array.from({ length: 120 }, (_, index) => `"One more."\n  more${index}: Int\n  `).join('');
  shop.write(schemaFile, schema.replace('"In minor units."', `${fields}"In minor units."`));
  const file = join(shop.root, 'report.md');
  await shop.check('--report', file);
  const report = readFileSync(file, 'utf8');
  expect(report.match(/\| `Product\.more\d+` \|/g)).toHaveLength(100);
  expect(report).toContain('… and 20 more');
});

test('in a table a bar and a new line are no end', async () => {
  using shop = await openCommittedShop();
  shop.write(schemaFile, schema.replace('"In minor units."', '"""\n  Minor | units.\n\n  Two lines.\n  """'));
  const file = join(shop.root, 'report.md');
  await shop.check('--report', file);
  const row = readFileSync(file, 'utf8')
    .split('\n')
    .find((line) => line.startsWith('| `Product.price` |'));
  expect(row).toMatch(/Minor \\\| units\. Two lines\..* \| safe \| — \| Products team \(products\) \|$/);
});
