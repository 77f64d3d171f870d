"""What people see of a result: feedback pages, grades.csv and the class report, all drawn from the same record."""
