import { type Terraform, startTerraform, terraformVersion } from './terraform';
const installed = terraformVersion();
jest.setTimeout(120_000);
let terraform: Terraform;
beforeAll(async () => { terraform = await startTerraform(); });
afterAll(async () => { await terraform.stop(); });
it('x', async () => {
  console.log(installed);
  for (const args of [['fmt','-check','-recursive'],['init','-backend=false','-input=false','-no-color'],['validate','-no-color'],['test','-no-color','-filter=tests/examples.tftest.hcl','-filter=tests/event_function.tftest.hcl']]) {
    const at = Date.now();
    const r = await terraform.run(args); console.log(args.join(' '), r.status, Date.now()-at, r.output);
  }
});
