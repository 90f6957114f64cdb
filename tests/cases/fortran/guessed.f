subroutine free_in_a_fixed_file(a)
real a
end subroutine
