subroutine every_other(a)
  integer, pointer, intent(out) :: a(:)
  integer, target, save :: pool(6) = [1, 2, 3, 4, 5, 6]
  a => pool(::2)
end subroutine every_other
