C     blanks, continuation, labels, tabs, column 73, and all that fixed form allows
      SUBROUTINE  FOO (A, B,                                            SEQ00010
     1 IN

     2CX, N)                                                            SEQ00020
      I M P L I C I T  REAL*8 (A-H,O-Z), CHARACTER*(*) (C)
      DIMENSION A(N), B ( IN CX , * )
	DOUBLE PRECISIONX(3),Y
	1,Z(4)
      REAL*8Q
      INTEGER INC X
      VIRTUAL W(10)
      COMMON /BLK/ P(3), R, // BL(2)
      CHARACTER C*4
      DATA C /'it''s
     * A!b'/, R /1.0/
c     a comment between
     + ,Y/2/
      INTEGER K/3/, L(2)/1,2/; LOGICAL LG ! comment's quote
      CHARACTER*8     M! comment, not a continuation: column 22
     !, NN
      STMTF(X) = X**2
10    FORMAT(5H DON'T)
      IF (A(1) .EQ. 3) GO TO 10
      ENTRY BAR(A,*)
      CALL BAZ(A) ! comment
#ifdef X
      RETURN
#define LONG \
      END
#else
      R E T U R N
#endif
      END
      SUB ROUTINE  SECOND (X)
Cf2py intent(out) X
Cf2py callstatement { FOO(&X); thisisaverylonglineofcodethatgoesbeyondcolumn72(X); }
*F2PY check(N!=0) N  ! comment
      REAL X
      E N D
      DOUBLEPRECISIONFUNCTIONTHIRD(X)
      REAL X
      THIRD = X
      ENDFUNCTION
      RECURSIVEINTEGER*8FUNCTIONFOURTH(X)
      ENDFILE 10
      END
      BLOCK DATA
      COMMON /BLK/ P(3), R
      END
      INTEGER FUNCTION LASTF(F, X)
      EXTERNAL F
D     THIS IS A COMMENT
      LASTF = F(X, 'A''(') + 1
      END
