// Stands in for packages that the product never loads.
export default undefined;
