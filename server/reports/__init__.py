"""Reports: exports of lists, the monthly report, and the reporting API."""
