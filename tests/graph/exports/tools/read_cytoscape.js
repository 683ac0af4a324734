// Opens a file in Cytoscape.js, headless, and prints its version and what it took in, as one JSON object.
// node read_cytoscape.js FOLDER_OF_NODE_MODULES FILE
const cytoscape = require(`${process.argv[2]}/node_modules/cytoscape`);
const { elements } = JSON.parse(require('fs').readFileSync(process.argv[3], 'utf8'));
const cy = cytoscape({ headless: true, elements });
const data = (one) => one.data();
console.log(JSON.stringify({ version: cytoscape.version, nodes: cy.nodes().map(data), edges: cy.edges().map(data) }));
