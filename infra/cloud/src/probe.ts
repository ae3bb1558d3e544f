import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildAll, configFile } from './index.ts';
const t0=performance.now();
const app = new App({ analyticsReporting: false, outdir: '/tmp/cdk.out' });
buildAll(app, configFile('config/example.yaml'), () => Code.fromInline('exports.handler = async () => {}'));
const t1=performance.now();
app.synth({skipValidation:true, validateOnSynthesis: false});
console.log(t1-t0, performance.now()-t1);
