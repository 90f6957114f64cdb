subroutine chosen(n, job, a)
  integer, intent(in) :: n, job
  integer, intent(out) :: a(merge(n, 1, job > 0))
  a = job
end subroutine chosen
